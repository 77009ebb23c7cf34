package dev.islet.dhcp;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.HostPort;
import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.core.service.Home;
import dev.islet.core.time.TimeSource;
import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.subnet.Range;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a program says about the server it wants: fills the same records as a configuration file.
 * Every method throws IllegalArgumentException for a value that cannot be.
 */
public final class Setup {
  private final List<String> nics = new ArrayList<>();
  private final List<SubnetConfig> subnets = new ArrayList<>();
  private final List<Consumer<? super DhcpEvent>> events = new ArrayList<>();
  private final List<Consumer<? super DhcpTrace>> steps = new ArrayList<>();
  private Optional<InetSocketAddress> listen = Optional.empty();
  private boolean authoritative;
  private Duration offerHold = Duration.ofSeconds(30);
  private Duration declineRest = Duration.ofHours(1);
  private Duration conflictCheck = Duration.ofMillis(400);
  private boolean broadcastOnly;
  private Duration watch = Duration.ofMinutes(5);
  private final List<Path> importLeases = new ArrayList<>();
  private final List<Prefix> leaseQuery = new ArrayList<>();
  private GuardConfig guard = GuardConfig.USUAL;
  private final List<ClassConfig> classes = new ArrayList<>();
  private Optional<NamesConfig> names = Optional.empty();
  private Optional<AdminConfig> admin = Optional.empty();
  private Optional<Path> leases = Optional.empty();
  private Optional<Home> home = Optional.empty();
  private TimeSource time = TimeSource.system();

  Setup() {}

  /** Serves the clients on an interface. */
  public Setup nic(String name) {
    nics.add(name);
    return this;
  }

  /** Listens on a plain socket and answers to where a request came from; port 0 takes any. */
  public Setup listen(String address, int port) {
    listen = Optional.of(new InetSocketAddress(HostPort.address(address), port));
    return this;
  }

  /** Keeps leases in this file; without it they end with the server. */
  public Setup leases(Path file) {
    leases = Optional.of(file);
    return this;
  }

  /** Gives out the addresses of a network. */
  public Setup subnet(String prefix, Consumer<SubnetSetup> setup) {
    var subnet = new SubnetSetup(prefix);
    setup.accept(subnet);
    subnets.add(subnet.config());
    return this;
  }

  /** Says NAK to clients it has no record of. */
  public Setup authoritative() {
    authoritative = true;
    return this;
  }

  /** How long an offered address is held. */
  public Setup offerHold(Duration time) {
    offerHold = time;
    return this;
  }

  /** How long an address rests after a client found it in use. */
  public Setup declineRest(Duration time) {
    declineRest = time;
    return this;
  }

  /** How long whoever uses an address may say so before it is offered; zero asks nobody. */
  public Setup conflictCheck(Duration time) {
    conflictCheck = time;
    return this;
  }

  /** Answers clients without an address by broadcast, so that no raw socket is needed. */
  public Setup broadcastOnly() {
    broadcastOnly = true;
    return this;
  }

  /** How often to look out for other servers; zero: never. */
  public Setup watch(Duration every) {
    watch = every;
    return this;
  }

  /** Lets relays of a network ask who has which address (RFC 4388). */
  public Setup leaseQuery(String network) {
    leaseQuery.add(Prefix.parse(network));
    return this;
  }

  /** Takes over leases of dnsmasq, ISC dhcpd or Kea. */
  public Setup importLeases(Path file) {
    importLeases.add(file);
    return this;
  }

  /**
   * Bounds what comes in.
   *
   * @param clientRate messages a second of one client; 0 for any number
   * @param strangerRate DISCOVERs a second of unknown clients from one place; 0 for any number
   */
  public Setup guard(int clientRate, int strangerRate) {
    guard = new GuardConfig(clientRate, strangerRate);
    return this;
  }

  /** Tells a kind of clients apart; subnets may have pools for it. */
  public Setup kind(ClassConfig kind) {
    classes.add(kind);
    return this;
  }

  /**
   * Writes names of clients into DNS.
   *
   * @param secret the key in base64
   */
  public Setup names(String server, String zone, String key, String secret) {
    names =
        Optional.of(
            new NamesConfig(
                HostPort.parse(server),
                zone,
                List.of(),
                key,
                Optional.of(secret),
                Duration.ofMinutes(5),
                List.of()));
    return this;
  }

  /** Opens the admin endpoint; its token is kept in the home's data folder. */
  public Setup admin(AdminConfig config, Home folder) {
    admin = Optional.of(config);
    home = Optional.of(folder);
    return this;
  }

  /** What became of clients, on a thread of its own. */
  public Setup onTrace(Consumer<? super DhcpEvent> listener) {
    events.add(listener);
    return this;
  }

  /** Everything: packets, decisions with their reasons, and what became of clients. */
  public Setup onEveryStep(Consumer<? super DhcpTrace> listener) {
    steps.add(listener);
    return this;
  }

  /** The clocks, for tests. */
  public Setup time(TimeSource source) {
    time = source;
    return this;
  }

  DhcpConfig config() {
    return new DhcpConfig(
        nics,
        listen,
        authoritative,
        offerHold,
        declineRest,
        conflictCheck,
        broadcastOnly,
        watch,
        List.of(),
        importLeases,
        leaseQuery,
        guard,
        classes,
        subnets,
        Optional.empty(),
        names,
        admin);
  }

  List<Consumer<? super DhcpEvent>> events() {
    return events;
  }

  List<Consumer<? super DhcpTrace>> steps() {
    return steps;
  }

  Optional<Path> leases() {
    return leases;
  }

  Optional<Home> home() {
    return home;
  }

  TimeSource time() {
    return time;
  }

  /** What a program says about one network. */
  public static final class SubnetSetup {
    private final Prefix prefix;
    private final List<PoolConfig> pools = new ArrayList<>();
    private final List<Range> exclude = new ArrayList<>();
    private final List<ReservationConfig> reservations = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();
    private final List<Ip4> routers = new ArrayList<>();
    private final List<Ip4> dns = new ArrayList<>();
    private final List<Ip4> ntp = new ArrayList<>();
    private Optional<String> nic = Optional.empty();
    private Optional<String> domain = Optional.empty();
    private Duration lease = Duration.ofHours(8);
    private boolean rapidCommit;

    private SubnetSetup(String prefix) {
      this.prefix = Prefix.parse(prefix);
    }

    /** The interface its clients are on, if no address of ours lies in it. */
    public SubnetSetup nic(String name) {
      nic = Optional.of(name);
      return this;
    }

    /** Addresses for any client, both ends included. */
    public SubnetSetup pool(String first, String last) {
      pools.add(new PoolConfig(new Range(Ip4.parse(first), Ip4.parse(last)), List.of()));
      return this;
    }

    /** Addresses for members of a class, both ends included. */
    public SubnetSetup pool(String first, String last, String ofClass) {
      pools.add(new PoolConfig(new Range(Ip4.parse(first), Ip4.parse(last)), List.of(ofClass)));
      return this;
    }

    /** Addresses nobody gets, both ends included. */
    public SubnetSetup exclude(String first, String last) {
      exclude.add(new Range(Ip4.parse(first), Ip4.parse(last)));
      return this;
    }

    public SubnetSetup router(String address) {
      routers.add(Ip4.parse(address));
      return this;
    }

    public SubnetSetup dns(String address) {
      dns.add(Ip4.parse(address));
      return this;
    }

    public SubnetSetup ntp(String address) {
      ntp.add(Ip4.parse(address));
      return this;
    }

    public SubnetSetup domain(String name) {
      domain = Optional.of(name);
      return this;
    }

    /** How long a client may keep an address without asking again. */
    public SubnetSetup lease(Duration time) {
      lease = time;
      return this;
    }

    /** Gives an address in one exchange to clients that ask for it (RFC 4039). */
    public SubnetSetup rapidCommit() {
      rapidCommit = true;
      return this;
    }

    /** Keeps an address for a device. */
    public SubnetSetup reserve(String mac, String address) {
      reservations.add(
          ReservationConfig.of(MacAddress.parse(mac), Ip4.parse(address), Optional.empty()));
      return this;
    }

    /** Keeps an address for a device, and gives it a name. */
    public SubnetSetup reserve(String mac, String address, String name) {
      reservations.add(
          ReservationConfig.of(MacAddress.parse(mac), Ip4.parse(address), Optional.of(name)));
      return this;
    }

    /** Any other option, by name or code, as in a configuration file. */
    public SubnetSetup option(String name, String value) {
      options.put(name, value);
      return this;
    }

    private SubnetConfig config() {
      return new SubnetConfig(
          prefix,
          nic,
          pools,
          exclude,
          lease,
          Optional.empty(),
          Optional.empty(),
          routers,
          dns,
          domain,
          List.of(),
          ntp,
          List.of(),
          Optional.empty(),
          rapidCommit,
          Optional.empty(),
          Optional.empty(),
          options,
          reservations);
    }
  }
}

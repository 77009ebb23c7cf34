package dev.islet.launcher;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Service;
import dev.islet.dhcp.DhcpConfig;
import dev.islet.dhcp.DhcpServer;
import dev.islet.dns.DnsConfig;
import dev.islet.dns.DnsServer;
import dev.islet.ftp.FtpConfig;
import dev.islet.ftp.FtpService;
import dev.islet.monitor.MonitorConfig;
import dev.islet.monitor.MonitorServer;
import dev.islet.router.RouterAgent;
import dev.islet.router.RouterConfig;
import dev.islet.voip.VoipConfig;
import dev.islet.voip.VoipServer;
import dev.islet.web.WebConfig;
import dev.islet.web.WebServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The services, wired by hand. A service's classes are loaded only when its own branch runs, so an
 * image that holds one service needs the jars of no other.
 */
enum Kind {
  DNS,
  DHCP,
  FTP,
  WEB,
  VOIP,
  ROUTER,
  MONITOR;

  /** The name in commands and file names. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Kind> of(String word) {
    return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
  }

  /** Its file in a configuration folder. */
  Path file(Path folder) {
    return folder.resolve(word() + ".yaml");
  }

  /** Reads the file and builds the service, not yet started. */
  Service open(Path file, Home home) {
    return switch (this) {
      case DNS -> DnsServer.create(new ConfigFile<>(file, DnsConfig.class), home);
      case DHCP -> DhcpServer.create(new ConfigFile<>(file, DhcpConfig.class), home);
      case FTP -> FtpService.create(new ConfigFile<>(file, FtpConfig.class), home);
      case WEB -> WebServer.create(new ConfigFile<>(file, WebConfig.class), home);
      case VOIP -> VoipServer.create(new ConfigFile<>(file, VoipConfig.class), home);
      case ROUTER -> RouterAgent.create(new ConfigFile<>(file, RouterConfig.class), home);
      case MONITOR -> MonitorServer.create(new ConfigFile<>(file, MonitorConfig.class), home);
    };
  }

  /** Reads the file only; where its admin endpoint is. */
  Optional<AdminConfig> admin(Path file) {
    return switch (this) {
      case DNS -> new ConfigFile<>(file, DnsConfig.class).read().admin();
      case DHCP -> new ConfigFile<>(file, DhcpConfig.class).read().admin();
      case FTP -> new ConfigFile<>(file, FtpConfig.class).read().admin();
      case WEB -> new ConfigFile<>(file, WebConfig.class).read().admin();
      case VOIP -> new ConfigFile<>(file, VoipConfig.class).read().admin();
      case ROUTER -> new ConfigFile<>(file, RouterConfig.class).read().admin();
      case MONITOR -> new ConfigFile<>(file, MonitorConfig.class).read().admin();
    };
  }
}

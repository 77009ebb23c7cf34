package dev.islet.ftp;

import dev.islet.core.tls.TlsIdentity;
import dev.islet.ftp.model.Right;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.ClientAuth;
import org.apache.ftpserver.ssl.SslConfiguration;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/** An FTP server under test with one user, {@code t} with password {@code secret}. */
record Target(int port, Runnable stop) implements AutoCloseable {
  /** Which server. */
  enum Kind {
    /** Apache FtpServer as it comes. */
    STOCK,
    /** Ours. */
    OURS
  }

  static Target start(Kind kind, Path home, Path scratch) throws Exception {
    return switch (kind) {
      case STOCK -> stock(home, scratch);
      case OURS -> {
        var ftp =
            FtpService.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .passivePorts(0, 0)
                        .user("t", "secret", home, Right.WRITE));
        ftp.start();
        yield new Target(ftp.endpoints().getFirst().address().getPort(), ftp::close);
      }
    };
  }

  private static Target stock(Path home, Path scratch) throws Exception {
    var identity = TlsIdentity.selfSigned(scratch, List.of("localhost"));
    var listeners = new ListenerFactory();
    listeners.setServerAddress("127.0.0.1");
    listeners.setPort(0);
    listeners.setSslConfiguration(
        new SslConfiguration() {
          @Override
          public SSLSocketFactory getSocketFactory() {
            return identity.context().getSocketFactory();
          }

          @Override
          public SSLContext getSSLContext() {
            return identity.context();
          }

          @Override
          public SSLContext getSSLContext(String protocol) {
            return identity.context();
          }

          @Override
          public String[] getEnabledCipherSuites() {
            return null;
          }

          @Override
          public String getEnabledProtocol() {
            return "TLSv1.2";
          }

          @Override
          public String[] getEnabledProtocols() {
            return new String[] {"TLSv1.2", "TLSv1.3"};
          }

          @Override
          public ClientAuth getClientAuth() {
            return ClientAuth.NONE;
          }
        });
    var users = new PropertiesUserManagerFactory().createUserManager();
    var user = new BaseUser();
    user.setName("t");
    user.setPassword("secret");
    user.setHomeDirectory(home.toString());
    user.setAuthorities(List.of(new WritePermission()));
    users.save(user);
    var factory = new FtpServerFactory();
    var listener = listeners.createListener();
    factory.addListener("default", listener);
    factory.setUserManager(users);
    var server = factory.createServer();
    server.start();
    return new Target(listener.getPort(), server::stop);
  }

  @Override
  public void close() {
    stop.run();
  }
}

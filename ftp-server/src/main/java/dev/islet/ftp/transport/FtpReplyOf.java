package dev.islet.ftp.transport;

import dev.islet.ftp.wire.Reply;
import org.apache.ftpserver.ftplet.FtpReply;

/** A reply as FtpServer passes it through its chain. */
record FtpReplyOf(Reply reply, long sent) implements FtpReply {
  @Override
  public int getCode() {
    return reply.code();
  }

  @Override
  public String getMessage() {
    return String.join("\n", reply.lines());
  }

  @Override
  public long getSentTime() {
    return sent;
  }

  @Override
  public boolean isPositive() {
    return reply.positive();
  }

  @Override
  public String toString() {
    return reply.text();
  }
}

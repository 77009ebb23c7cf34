package dev.islet.dns.store;

/** A zone cannot be made of what is written. */
public final class ZoneFault extends Exception {
  private static final long serialVersionUID = 1;

  private final String where;
  private final int line;

  /**
   * @param where the file, or the key of the configuration
   * @param line from 1; 0 where the whole is meant
   * @param what what is wrong there
   */
  public ZoneFault(String where, int line, String what) {
    super(what);
    this.where = where;
    this.line = line;
  }

  /** The file, or the key of the configuration. */
  public String where() {
    return where;
  }

  /** From 1; 0 where the whole is meant. */
  public int line() {
    return line;
  }

  @Override
  public String toString() {
    return where + (line > 0 ? ":" + line : "") + ": " + getMessage();
  }
}

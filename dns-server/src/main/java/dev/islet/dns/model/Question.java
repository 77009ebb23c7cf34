package dev.islet.dns.model;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * What is asked (RFC 1035 section 4.1.2). Two questions are equal if they differ only in the case
 * of letters (RFC 4343); the name keeps the case it was asked in.
 *
 * @param name absolute
 * @param type 0 to 65535
 * @param dclass 0 to 65535, mostly 1 (IN)
 */
public record Question(Name name, int type, int dclass) {
  public Question {
    if (!name.isAbsolute()) {
      throw new IllegalArgumentException("\"" + name + "\" is not absolute");
    }
  }

  /** A question of class IN. */
  public static Question in(Name name, int type) {
    return new Question(name, type, DClass.IN);
  }

  /** The same type and class asked of another name. */
  public Question at(Name other) {
    return new Question(other, type, dclass);
  }

  @Override
  public String toString() {
    return name
        + " "
        + (dclass == DClass.IN ? "" : DClass.string(dclass) + " ")
        + Type.string(type);
  }
}

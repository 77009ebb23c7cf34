package dev.islet.voip.registrar;

import dev.islet.voip.registrar.Digest.Algorithm;
import java.util.Map;

/**
 * An extension and what its phones prove themselves with.
 *
 * @param number what is dialled, and the user name
 * @param name whose it is, for people; may be empty
 * @param ha1 the hash that stands for the password, by algorithm; the password is not kept
 */
public record Account(String number, String name, Map<Algorithm, String> ha1) {
  public Account {
    ha1 = Map.copyOf(ha1);
  }

  /** Never prints hashes. */
  @Override
  public String toString() {
    return "Account[" + number + ", " + name + "]";
  }
}

package dev.islet.ftp.dialog;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The commands that are understood, by their verb. FEAT and HELP are made from this table. */
final class Verbs {
  /** What a command does. */
  @FunctionalInterface
  interface Action {
    void run(Dialog dialog, String argument) throws IOException, InterruptedException;
  }

  /**
   * One command.
   *
   * @param beforeLogin whether it is answered before somebody has logged in
   */
  record Verb(boolean beforeLogin, Action action) {}

  static final Map<String, Verb> ALL;

  static {
    var all = new TreeMap<String, Verb>();
    Access.add(all);
    Settings.add(all);
    Files.add(all);
    DataPorts.add(all);
    Transfers.add(all);
    ALL = Collections.unmodifiableMap(all);
  }

  private Verbs() {}

  static void any(Map<String, Verb> table, String name, Action action) {
    table.put(name, new Verb(true, action));
  }

  static void user(Map<String, Verb> table, String name, Action action) {
    table.put(name, new Verb(false, action));
  }
}

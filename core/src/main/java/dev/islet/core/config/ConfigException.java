package dev.islet.core.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration file cannot be used; tells every fault found, not only the first. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** The faults, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}

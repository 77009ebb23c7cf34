package dev.islet.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * One word of the command line and what it takes.
 *
 * @param word what is typed
 * @param arguments how those behind the options are shown: {@code ...} where there may be any
 *     number, in brackets where none is needed
 * @param tells what it does, in a line
 * @param options its own; {@code --help} comes by itself
 * @param action does it
 */
record Command(String word, String arguments, String tells, List<Option> options, Action action) {
  private static final Option HELP =
      Option.builder("h").longOpt("help").desc("show this and stop").get();

  /** What a command does with its parsed line; returns the exit code. */
  @FunctionalInterface
  interface Action {
    int run(CommandLine line) throws Exception;
  }

  int run(List<String> words) throws Exception {
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(help());
      return Islet.OK;
    }
    CommandLine line;
    try {
      line = parse(words);
    } catch (ParseException e) {
      System.err.print(e.getMessage() + "\n\n" + help());
      return Islet.BAD_USAGE;
    }
    return action.run(line);
  }

  private CommandLine parse(List<String> words) throws ParseException {
    var known = new Options().addOption(HELP);
    options.forEach(known::addOption);
    var parser = DefaultParser.builder().setAllowPartialMatching(false).get();
    var line = parser.parse(known, words.toArray(String[]::new));
    var given = line.getArgList();
    var shown = arguments.isEmpty() ? List.<String>of() : List.of(arguments.split(" "));
    if (given.size() < shown.stream().filter(a -> !a.startsWith("[")).count()) {
      throw new ParseException("Missing: " + arguments);
    }
    if (given.size() > shown.size() && !arguments.contains("...")) {
      throw new ParseException("One too many: " + given.getLast());
    }
    return line;
  }

  private String help() {
    var rows = new ArrayList<String[]>();
    options.forEach(o -> rows.add(new String[] {"  " + spelt(o), o.getDescription()}));
    rows.add(new String[] {"  -h, --help", HELP.getDescription()});
    var required =
        options.stream()
            .filter(Option::isRequired)
            .map(o -> " " + spelt(o))
            .collect(Collectors.joining());
    return ("Usage: islet " + word + " " + arguments).stripTrailing()
        + required
        + " [OPTIONS]\n"
        + tells
        + "\n\n"
        + Table.format(rows);
  }

  private static String spelt(Option option) {
    return "--" + option.getLongOpt() + (option.hasArg() ? " " + option.getArgName() : "");
  }
}

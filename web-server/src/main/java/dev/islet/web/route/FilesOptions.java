package dev.islet.web.route;

import java.util.List;
import java.util.Optional;

/**
 * How a folder is shown.
 *
 * @param index names of files that stand for their folder, the first found winning
 * @param listing whether a folder without an index shows what it holds
 * @param cacheControl the value of Cache-Control for files
 * @param fallback path of the file that answers where nothing else does, for applications that
 *     route in the browser
 */
public record FilesOptions(
    List<String> index, boolean listing, Optional<String> cacheControl, Optional<String> fallback) {
  public FilesOptions {
    index = List.copyOf(index);
  }
}

package dev.islet.router.model;

/** What a filter says about a route. */
public enum Verdict {
  ACCEPT,
  REFUSE
}

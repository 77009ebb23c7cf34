package dev.islet.dns;

/** What a catalog zone is to us (RFC 9432). */
public enum CatalogRole {
  /** We list in it all our zones that may be transferred. */
  PRODUCE,
  /** It comes from a primary, and so do all zones that are listed in it. */
  CONSUME
}

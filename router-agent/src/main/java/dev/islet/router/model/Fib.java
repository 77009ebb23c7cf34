package dev.islet.router.model;

/** Where best routes go. */
public enum Fib {
  /** Into the kernel's routing table, over rtnetlink; needs CAP_NET_ADMIN. */
  KERNEL,
  /** Nowhere: they are computed, shown and told, and no kernel table is touched. */
  NONE
}

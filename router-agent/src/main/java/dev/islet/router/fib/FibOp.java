package dev.islet.router.fib;

/** A change to be made in the kernel's table. */
public sealed interface FibOp {
  /** What it is about. */
  FibRoute route();

  /** Make a route where none of anybody's is; fails if a foreign one holds the place. */
  record Add(FibRoute route) implements FibOp {}

  /** Put a route in the place of one of ours. */
  record Replace(FibRoute before, FibRoute route) implements FibOp {}

  /** Take a route of ours away. */
  record Delete(FibRoute route) implements FibOp {}

  /** The change as a word. */
  default String word() {
    return switch (this) {
      case Add a -> "add";
      case Replace r -> "replace";
      case Delete d -> "delete";
    };
  }
}

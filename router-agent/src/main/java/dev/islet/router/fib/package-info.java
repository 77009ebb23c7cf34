/**
 * What the kernel should hold, what it holds, and the fewest changes from one to the other.
 *
 * <p>A best route changes: {@link dev.islet.router.fib.FibTable} answers with an add, a replace or
 * a delete, and believes it done. The kernel is asked what it really holds at start, after link and
 * address changes (it drops IPv4 routes silently then), when somebody else touches one of our
 * routes, and every so often; the answer is compared, and what differs is mended. Only routes with
 * our protocol number are ours; nothing else is ever replaced or deleted.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.fib;

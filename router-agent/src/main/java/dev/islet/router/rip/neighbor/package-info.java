/**
 * Who may speak, and what of it makes sense. A parsed message is refused or admitted as a whole by
 * {@link dev.islet.router.rip.neighbor.Gate}; each entry of an admitted response is then judged by
 * {@link dev.islet.router.rip.neighbor.EntryCheck}; {@link
 * dev.islet.router.rip.neighbor.NeighborTable} remembers who was heard, when, and counts faults.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.rip.neighbor;

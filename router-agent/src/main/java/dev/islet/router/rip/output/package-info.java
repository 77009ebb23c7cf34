/**
 * What the neighbours are told. Best routes come in from the RIB; {@link
 * dev.islet.router.rip.output.AdvertTable} keeps their metrics and which have changed; for an
 * interface it makes the entries of an update, split horizon applied, and cuts them into messages.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.rip.output;

package dev.islet.launcher;

/**
 * An obstacle, and the way around it.
 *
 * @param id stable, for documentation and scripts
 * @param blocks whether a service cannot do its work while it is so; else something is lost or in
 *     doubt
 * @param what what is so
 * @param fix what to type or change
 */
record Finding(String id, boolean blocks, String what, String fix) {}

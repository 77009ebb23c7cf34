/**
 * Configuration files as records.
 *
 * <p>A YAML file becomes nodes with lines and columns; the binder takes each component of the
 * record from its node, its default or nothing, goes on after a fault to find the others, and calls
 * the canonical constructor, whose own complaints are told at the line of the key they name.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.core.config;

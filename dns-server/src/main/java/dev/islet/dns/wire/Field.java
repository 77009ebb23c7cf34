package dev.islet.dns.wire;

/**
 * One field of a message, for people.
 *
 * @param offset from the start of the message
 * @param length in bytes; 0 for a part of a byte that was named before
 * @param name what it is called
 * @param value what it says
 * @param rfc the section that defines it
 */
public record Field(int offset, int length, String name, String value, String rfc) {}

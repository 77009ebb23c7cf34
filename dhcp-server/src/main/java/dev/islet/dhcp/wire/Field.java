package dev.islet.dhcp.wire;

/**
 * One field of a message, explained.
 *
 * @param offset of its first byte
 * @param length in bytes
 * @param name what it is called
 * @param value for people
 * @param rfc where it is defined
 */
public record Field(int offset, int length, String name, String value, String rfc) {}

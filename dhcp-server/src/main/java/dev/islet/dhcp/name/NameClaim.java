package dev.islet.dhcp.name;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.Ip;

/**
 * A name a client shall have in DNS for as long as it has its address.
 *
 * @param name the full name, without a final dot
 * @param address what it points to
 * @param client whom it belongs to
 */
public record NameClaim(String name, Ip address, ClientKey client) {}

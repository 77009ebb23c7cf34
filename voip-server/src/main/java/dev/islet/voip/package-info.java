/** The front door of the VoIP server: {@link dev.islet.voip.VoipServer} and its configuration. */
@org.jspecify.annotations.NullMarked
package dev.islet.voip;

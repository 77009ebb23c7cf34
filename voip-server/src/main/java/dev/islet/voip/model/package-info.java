/** The values that the parts of the VoIP server speak in: messages, calls, quality, events. */
@org.jspecify.annotations.NullMarked
package dev.islet.voip.model;

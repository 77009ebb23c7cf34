/**
 * HTTP's grammar, read strictly and written carefully.
 *
 * <p>The bytes of a connection meet {@link dev.islet.web.wire.MessageScanner} first. It gathers one
 * head, {@link dev.islet.web.wire.RequestHead} reads it or says why not, and the scanner then knows
 * where the content ends and the next head begins: no byte of a second request is ever handed on
 * with the first. What the fields mean is read by {@link dev.islet.web.wire.Authority}, {@link
 * dev.islet.web.wire.TargetPath}, {@link dev.islet.web.wire.EntityTag}, {@link
 * dev.islet.web.wire.ByteRanges}, {@link dev.islet.web.wire.Accepts} and {@link
 * dev.islet.web.wire.HttpDate}.
 */
@NullMarked
package dev.islet.web.wire;

import org.jspecify.annotations.NullMarked;

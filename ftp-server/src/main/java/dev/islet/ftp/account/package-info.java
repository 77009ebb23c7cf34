/**
 * Who may log in, and how that is proved.
 *
 * <p>{@code USER camera} only notes the name: whether it exists is not told. With {@code PASS} the
 * dialog first asks {@link dev.islet.ftp.account.BackOff} whether this address has to wait, then
 * {@link dev.islet.ftp.account.Verifier}, which finds the {@link dev.islet.ftp.account.Account} and
 * checks the password against its {@link dev.islet.ftp.account.Credential}, at the same cost
 * whatever the reason of a refusal. A failure goes back into the table of the back-off.
 */
@NullMarked
package dev.islet.ftp.account;

import org.jspecify.annotations.NullMarked;

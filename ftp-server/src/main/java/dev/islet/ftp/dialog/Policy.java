package dev.islet.ftp.dialog;

import dev.islet.core.time.TimeSource;
import dev.islet.ftp.account.Accounts;
import dev.islet.ftp.account.BackOff;
import dev.islet.ftp.account.Verifier;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.TlsMode;
import dev.islet.ftp.model.Transfer;
import dev.islet.ftp.view.FileViews;
import java.util.function.Consumer;

/**
 * What all dialogs of a listener share.
 *
 * @param accounts who may log in
 * @param verifier checks passwords
 * @param backOff remembers failures by address
 * @param views opens homes
 * @param tls whether TLS is offered or required
 * @param tries failed logins before the connection is ended
 * @param greeting text of the first reply
 * @param time both clocks
 * @param events where events go
 * @param transfers where finished transfers go
 */
public record Policy(
    Accounts accounts,
    Verifier verifier,
    BackOff backOff,
    FileViews views,
    TlsMode tls,
    int tries,
    String greeting,
    TimeSource time,
    Consumer<FtpEvent> events,
    Consumer<Transfer> transfers) {}

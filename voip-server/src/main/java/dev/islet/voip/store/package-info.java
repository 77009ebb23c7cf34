/**
 * What survives a restart: {@link dev.islet.voip.store.CallRecords} keeps finished calls, as a
 * journal and as files for people.
 */
package dev.islet.voip.store;

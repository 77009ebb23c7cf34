package dev.islet.core.service;

/** Where a service stands in its one-way life; a stopped service is not started again. */
public enum State {
  NEW,
  STARTING,
  RUNNING,
  STOPPING,
  STOPPED,
  FAILED
}

package dev.islet.dns.model;

/** Whether answers of others are checked. */
public enum ValidationMode {
  /** Never. */
  OFF,
  /** If whoever is asked gives signatures; once that was seen, always. */
  AUTO,
  /** Always; who gives no signatures is not believed. */
  ON
}

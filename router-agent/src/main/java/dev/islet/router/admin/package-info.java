/** The router as people and monitors see it: {@code /state} and the metrics. */
@org.jspecify.annotations.NullMarked
package dev.islet.router.admin;

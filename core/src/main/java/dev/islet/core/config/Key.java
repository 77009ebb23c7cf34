package dev.islet.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a configuration record. The key in the file is the component's name in kebab
 * case: {@code passivePorts} is written {@code passive-ports}.
 *
 * <p>A key without a default is required, unless its type is {@link java.util.Optional}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.PARAMETER, ElementType.FIELD})
public @interface Key {
  /** The value of {@link #def} that stands for "required". */
  String REQUIRED = "\0required";

  /** One line that tells an operator what it is, with its unit. */
  String value();

  /** The default, written as in the file: {@code 8h}, {@code []}, {@code {}}. */
  String def() default REQUIRED;
}

/**
 * What the tests of all modules share: virtual time, a loop without threads, waiting without
 * sleeping, and the rules of the house as test classes to extend.
 */
package dev.islet.testkit;

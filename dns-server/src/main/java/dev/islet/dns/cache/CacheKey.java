package dev.islet.dns.cache;

import dev.islet.dns.model.Question;

/**
 * What an answer is kept under. Signatures (DO) and unchecked data (CD) are other answers.
 *
 * @param question in any case
 */
public record CacheKey(Question question, boolean dnssecOk, boolean checkingDisabled) {}

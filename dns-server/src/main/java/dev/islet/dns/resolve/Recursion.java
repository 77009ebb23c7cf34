package dev.islet.dns.resolve;

import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.Question;
import java.util.function.Function;

/**
 * What a walk from the root needs beside time and chance.
 *
 * @param cache answers known already; only read here
 * @param routes where names that answers lead to are to be asked: aliases and servers of others may
 *     not make us ask what we would not ask for an asker of our own
 * @param hints where to begin
 * @param port at which name servers are asked, 53 in earnest
 */
public record Recursion(
    AnswerCache cache,
    Function<Question, Route> routes,
    RootHints hints,
    int port,
    WalkLimits limits) {}

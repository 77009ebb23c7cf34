package dev.islet.dns;

import dev.islet.core.engine.EngineLoop;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.chain.Chain;
import dev.islet.dns.chain.Guard;
import dev.islet.dns.policy.Cookies;
import dev.islet.dns.policy.RateLimit;
import dev.islet.dns.resolve.ResolveAction;
import dev.islet.dns.resolve.ResolveEngine;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.store.UpdateStore;
import dev.islet.dns.transport.UpstreamPort;
import dev.islet.dns.update.UpdateAction;
import dev.islet.dns.update.UpdateEvent;
import java.util.Optional;

/** What is there of a server between start and close. */
record Running(
    Chain chain,
    AnswerCache cache,
    Optional<QueryRecorder> recorder,
    UpdateStore store,
    EngineLoop<UpdateEvent, UpdateAction> updateLoop,
    EngineLoop<ResolveEvent, ResolveAction> resolveLoop,
    ResolveEngine resolver,
    UpstreamPort port,
    Cookies cookies,
    RateLimit rateLimit,
    Guard guard,
    Checking checking,
    Fronts fronts) {}

package dev.islet.router.rip;

import dev.islet.router.rip.database.LearnedTable.Learned;
import dev.islet.router.rip.neighbor.NeighborTable.Neighbor;
import dev.islet.router.rip.output.AdvertTable.Advert;
import java.util.List;

/**
 * RIP as people see it, at one moment.
 *
 * @param open interfaces it speaks on right now
 * @param refused routes not kept because the table was full
 */
public record RipView(
    List<String> open,
    List<Neighbor> neighbors,
    List<Learned> learned,
    List<Advert> told,
    long refused) {}

package dev.orchestrator.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A fault exactly before or after something that a procedure does.
 *
 * @param fault what goes wrong
 * @param procedure the procedure, resumed or not
 * @param effect what it does
 * @param before whether before
 */
record Cell(Fault fault, String procedure, String effect, boolean before) {
    private static final String RESUMED = " resumed";

    /**
     * What procedures come to in many worlds, but too seldom in each for chance to bring every fault there. What they do
     * again and again (they read, they decide, they wait) is met anyway.
     */
    private static final Map<String, List<String>> PLACES = new TreeMap<>(Map.of(
            "DEAD_PRIMARY",
            List.of(
                    "Finish",
                    "Save",
                    "Tell",
                    "stop receivers: StopReceiver",
                    "promote: ResetReplication",
                    "promote: SetReadOnly",
                    "promote: SetSemiSync",
                    "repoint: Repoint",
                    "repoint: StartReceiver"),
            "DEAD_PRIMARY resumed",
            List.of(
                    "Decide",
                    "Finish",
                    "Read",
                    "Save",
                    "Tell",
                    "repoint: Repoint",
                    "repoint: StartReceiver",
                    "restore: StartReceiver"),
            "DEAD_INTERMEDIATE_SOURCE",
            List.of(
                    "Decide",
                    "Finish",
                    "Read",
                    "Save",
                    "stop receivers: StopReceiver",
                    "repoint: Repoint",
                    "repoint: StartReceiver"),
            "DEAD_INTERMEDIATE_SOURCE resumed",
            List.of("Decide", "Read"),
            "SWITCHOVER",
            List.of(
                    "Finish",
                    "Save",
                    "Tell",
                    "catch up: StopReceiver",
                    "demote: KillClients",
                    "demote: SetReadOnly",
                    "promote: ResetReplication",
                    "promote: SetReadOnly",
                    "promote: SetSemiSync",
                    "rejoin: AttachTo",
                    "rejoin: AwaitReceiver",
                    "rejoin: SetSemiSync",
                    "rejoin: StartReplication",
                    "repoint: Repoint",
                    "repoint: StartReceiver",
                    "repoint: StopReceiver"),
            "SWITCHOVER resumed",
            List.of(
                    "Decide",
                    "Finish",
                    "Read",
                    "Save",
                    "Tell",
                    "rejoin: AttachTo",
                    "repoint: Repoint",
                    "repoint: StartReceiver",
                    "repoint: StopReceiver")));

    /** All of them, each a few seeds from the next of its kind. */
    static final List<Cell> ALL = all();

    private static List<Cell> all() {
        List<Cell> all = new ArrayList<>();
        PLACES.forEach((procedure, effects) -> {
            for (String effect : effects) {
                for (Fault fault : Fault.ALL) {
                    all.add(new Cell(fault, procedure, effect, true));
                    all.add(new Cell(fault, procedure, effect, false));
                }
            }
        });
        Collections.shuffle(all, new Random(1));
        return List.copyOf(all);
    }

    boolean isOfResumed() {
        return procedure.endsWith(RESUMED);
    }

    /** The procedure as it is called before anybody has to go on with it. */
    String begun() {
        return isOfResumed() ? procedure.substring(0, procedure.length() - RESUMED.length()) : procedure;
    }

    boolean isOfSemiSync() {
        return effect.endsWith("SetSemiSync");
    }

    boolean isOf(String other) {
        return procedure.equals(other);
    }

    boolean isAt(String someEffect, boolean isBefore) {
        return effect.equals(someEffect) && before == isBefore;
    }
}

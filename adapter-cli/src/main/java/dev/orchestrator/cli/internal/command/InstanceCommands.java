package dev.orchestrator.cli.internal.command;

import static dev.orchestrator.cli.internal.command.Command.perInstance;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.standalone.text.InstanceNames;
import java.time.Duration;
import java.util.List;

/** CommandTable about single instances: discovery, maintenance, downtime. */
final class InstanceCommands {
    private static final String SECTION = "Instances";

    private InstanceCommands() {}

    static List<Command> all() {
        return List.of(
                perInstance(
                        SECTION,
                        "discover",
                        "read an instance and its whole topology",
                        c -> c.print(c.orchestrator()
                                .discover(c.exactKey(), c.actor())
                                .key())),
                perInstance(SECTION, "forget", "forget an instance", InstanceCommands::forget),
                perInstance(SECTION, "begin-maintenance", "lock an instance: -reason, -duration, -owner", c -> {
                    InstanceKey key = c.exactInstance();
                    Duration duration = c.duration(c.orchestrator().config().maintenanceDuration());
                    c.orchestrator().maintenance().begin(key, c.actor(), c.reason(), duration);
                    c.print(key);
                }),
                perInstance(SECTION, "end-maintenance", "end the lock of an instance", c -> {
                    InstanceKey key = c.exactInstance();
                    c.orchestrator().maintenance().end(key, c.actor());
                    c.print(key);
                }),
                perInstance(SECTION, "in-maintenance", "the instance, if it is locked", c -> {
                    InstanceKey key = c.instanceForReading().key();
                    c.orchestrator().maintenance().find(key).ifPresent(lock -> c.print(key));
                }),
                perInstance(SECTION, "begin-downtime", "expect problems: -reason, -duration, -owner", c -> {
                    InstanceKey key = c.exactInstance();
                    Duration duration = c.duration(c.orchestrator().config().maintenanceDuration());
                    c.orchestrator().downtimes().begin(key, c.actor(), c.reason(), duration);
                    c.print(key);
                }),
                perInstance(SECTION, "end-downtime", "end the downtime of an instance", c -> {
                    InstanceKey key = c.exactInstance();
                    c.orchestrator().downtimes().end(key, c.actor());
                    c.print(key);
                }),
                perInstance(SECTION, "register-candidate", "say how fit for promotion: -promotion-rule", c -> {
                    InstanceKey key = c.exactInstance();
                    c.orchestrator().promotionRules().set(key, rule(c), c.actor());
                    c.print(key);
                }));
    }

    private static PromotionRule rule(CommandCall call) {
        String text = call.option("promotion-rule");
        try {
            PromotionRule rule = text == null ? PromotionRule.PREFER : PromotionRule.parse(text);
            if (rule != PromotionRule.MUST) {
                return rule;
            }
        } catch (IllegalArgumentException e) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
        throw new OrchestratorException(
                ErrorCode.INVALID_INPUT,
                "-promotion-rule must is not supported (use prefer, neutral, prefer_not or must_not)");
    }

    private static void forget(CommandCall call) {
        InstanceKey key = call.exactKey();
        if (!call.orchestrator().forget(key, call.actor())) {
            throw InstanceNames.unknown(call.fleet(), key);
        }
        call.print(key);
    }
}

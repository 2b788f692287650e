/** The types and the facade that a host writes against, and the ports that it or another module implements. */
module dev.orchestrator.api {
    requires static transitive org.jspecify;
    requires static io.soabase.recordbuilder.core;
    requires static java.compiler;

    exports dev.orchestrator.api;
    exports dev.orchestrator.api.analysis;
    exports dev.orchestrator.api.config;
    exports dev.orchestrator.api.event;
    exports dev.orchestrator.api.facade;
    exports dev.orchestrator.api.model;
    exports dev.orchestrator.api.model.channel;
    exports dev.orchestrator.api.operation;
    exports dev.orchestrator.api.plan;
    exports dev.orchestrator.api.recovery;
    exports dev.orchestrator.spi;
    exports dev.orchestrator.spi.host;
}

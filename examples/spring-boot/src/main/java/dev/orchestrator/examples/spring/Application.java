package dev.orchestrator.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** A web application that embeds an orchestrator, its HTTP API and its page. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Application {
    /** Made by Spring. */
    public Application() {}

    /**
     * Runs it.
     *
     * @param args settings, such as {@code --orchestrator.seeds=db1:3306}
     */
    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }
}

package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.catalog.Catalog;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.money.Price;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxModelsTest {
    @Test
    void everyListedModelIsFoundUnderItsOwnName() {
        assertThat(SandboxModels.all())
                .allSatisfy(model -> assertThat(SandboxModels.find(model.id())).contains(model));
        assertThat(SandboxModels.all()).extracting(SandboxModel::id).doesNotHaveDuplicates();
    }

    @Test
    void onlyTheModelThatSaysSoIsFree() {
        assertThat(SandboxModels.all())
                .filteredOn(SandboxModel::free)
                .extracting(SandboxModel::id)
                .containsExactly("free");
    }

    @Test
    void aNumberAfterTheFamilysNameIsItsParameter() {
        var found = SandboxModels.find("slow-first-token-250").orElseThrow();

        assertThat(found.behaviour()).isEqualTo(Behaviour.STARTS_LATE);
        assertThat(found.parameter()).isEqualTo(250);
        assertThat(found.family()).isEqualTo("slow-first-token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "echo-3",
                "cut-",
                "cut--1",
                "cut-1.5",
                "slow-99999999",
                "long-0",
                "error-418",
                "CUT-1",
                "cut-１"
            })
    void anythingElseIsUnknown(String id) {
        assertThat(SandboxModels.find(id)).isEmpty();
    }

    @Test
    void theCatalogPricesAParameterisedNameAsItsFamily() {
        // Given
        var sandbox = new Provider(
                "sandbox",
                "sandbox",
                URI.create("sandbox:/"),
                "authorization",
                "Bearer ",
                Optional.empty(),
                Map.of(),
                Set.of(),
                false);
        var price = Optional.of(Price.free("v1"));
        var endpoints = SandboxModels.all().stream()
                .map(model -> new Endpoint(sandbox, model.id(), price, OptionalLong.of(10), OptionalLong.of(5)))
                .toList();
        var catalog = new Catalog(List.of(sandbox), endpoints, Map.of());

        // When
        var cut = catalog.resolve("sandbox:cut-120");

        // Then
        assertThat(cut)
                .contains(List.of(new Endpoint(sandbox, "cut-120", price, OptionalLong.of(10), OptionalLong.of(5))));
        assertThat(catalog.resolve("sandbox/slow-20")).isPresent();
        assertThat(catalog.resolve("sandbox:error-418")).isEmpty();
        assertThat(catalog.resolve("sandbox:nothing")).isEmpty();
        assertThat(catalog.resolve("sandbox:7")).isEmpty();
    }
}

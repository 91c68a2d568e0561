using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Registry.Api.Fhir;
using Registry.Api.Http;

namespace Registry.Api.OpenApi;

/// <summary>The refusals an operation can give, for the contract.</summary>
internal sealed record Refusals(IReadOnlyList<ProblemKind> Kinds);

/// <summary>A worked example of a request body, for the contract.</summary>
internal sealed record BodyExample(string Json);

/// <summary>The operation reads If-Match, If-None-Match and X-Change-Reason.</summary>
internal sealed record TakesPreconditions;

/// <summary>The operation reads X-Sent-At, though none of the headers that ask for a state of the record.</summary>
internal sealed record TakesSentAt;

/// <summary>The operation can take text of this media type, too; a worked example.</summary>
internal sealed record OtherBody(string ContentType, string Example);

/// <summary>The operation can answer with text of this media type, too.</summary>
internal sealed record OtherForm(string ContentType);

/// <summary>An answer that is no refusal carries these headers, too.</summary>
internal sealed record GivesHeaders(params string[] Names);

/// <summary>The operation reads these headers, each with its meaning.</summary>
internal sealed record TakesHeaders(IReadOnlyList<(string Name, string Meaning)> All);

/// <summary>The operation takes and gives FHIR resources, and refuses by one.</summary>
internal sealed record SpeaksFhir;

/// <summary>The figures of the answer come from this view (null: from none), unless their schema says otherwise.</summary>
internal sealed record ReadsView(string? Name);

/// <summary>Says on a route what it takes and gives: the source of the contract.</summary>
internal static class Contract
{
    private static readonly ProblemKind[] OfBodies =
    [
        Problems.MalformedJson, Problems.MalformedBody, Problems.BodyTooLarge, Problems.UnsupportedMediaType, Problems.InvalidContent,
    ];

    /// <summary>The operation takes this body and answers with it, as created or as it stands.</summary>
    public static RouteHandlerBuilder Writes<T>(this RouteHandlerBuilder route, string example) =>
        route.Takes<T>(example)
            .TakesPreconditions()
            .Produces<T>(StatusCodes.Status201Created)
            .Produces<T>(StatusCodes.Status200OK);

    /// <summary>The operation takes this body, as JSON or as text of the other media type.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route, string example, OtherBody? orAs = null) =>
        route.WithMetadata(orAs is null
            ? [new AcceptsMetadata([ContentNegotiation.Json], typeof(T)), new BodyExample(example)]
            : [new AcceptsMetadata([ContentNegotiation.Json, orAs.ContentType], typeof(T)), new BodyExample(example), orAs])
            .Refuses(OfBodies);

    /// <summary>The operation answers with this. Not needed where the type of its handler says so, as <c>Ok&lt;T&gt;</c> does.</summary>
    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder route) =>
        route.Produces<T>();

    /// <summary>The operation answers with text of this media type, too, where Accept asks for it.</summary>
    public static RouteHandlerBuilder AlsoGives(this RouteHandlerBuilder route, string contentType) =>
        route.WithMetadata(new OtherForm(contentType));

    /// <summary>The operation answers with text of one of these media types, by Accept.</summary>
    public static RouteHandlerBuilder GivesText(this RouteHandlerBuilder route, params string[] types) =>
        route.Produces<string>(StatusCodes.Status200OK, types[0], types[1..])
            .WithMetadata([.. types.Select(type => new OtherForm(type))]);

    /// <summary>The operation answers with a bare status.</summary>
    public static RouteHandlerBuilder Gives(this RouteHandlerBuilder route, int status) => route.Produces(status);

    /// <summary>The operation reads the headers that ask for a state of the record.</summary>
    public static RouteHandlerBuilder TakesPreconditions(this RouteHandlerBuilder route) => route.WithMetadata(new TakesPreconditions());

    /// <summary>The operation reads the sender's own instant.</summary>
    public static RouteHandlerBuilder TakesSentAt(this RouteHandlerBuilder route) => route.WithMetadata(new TakesSentAt());

    /// <summary>The operation can be refused so. What every operation shares need not be said.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ProblemKind[] kinds) =>
        route.WithMetadata(new Refusals(kinds));

    /// <summary>The operation takes a FHIR resource.</summary>
    public static RouteHandlerBuilder TakesFhir(this RouteHandlerBuilder route, string example) =>
        route.WithMetadata(new AcceptsMetadata([.. FhirForm.Offered], typeof(JsonObject)), new BodyExample(example))
            .Refuses(OfBodies);

    /// <summary>The operation answers with a FHIR resource.</summary>
    public static RouteHandlerBuilder GivesFhir(this RouteHandlerBuilder route, int status = StatusCodes.Status200OK) =>
        route.Produces<JsonObject>(status, FhirForm.Json, FhirForm.Xml).WithMetadata(new SpeaksFhir());

    /// <summary>The operation reads these headers.</summary>
    public static RouteHandlerBuilder TakesHeaders(this RouteHandlerBuilder route, params (string Name, string Meaning)[] headers) =>
        route.WithMetadata(new TakesHeaders(headers));
}

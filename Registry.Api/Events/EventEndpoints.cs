using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.Cases;

namespace Registry.Api.Events;

internal static class EventEndpoints
{
    public static void MapEvents(this RouteGroupBuilder api, EventKind kind) =>
        api.MapRecord<TreatmentEvent>("/sites/{site}/cases/{case}/events/{event}", kind, "a treatment event", Examples.Event);
}

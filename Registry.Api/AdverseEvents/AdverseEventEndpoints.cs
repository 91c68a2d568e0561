using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;

namespace Registry.Api.AdverseEvents;

internal static class AdverseEventEndpoints
{
    public static void MapAdverseEvents(this RouteGroupBuilder api, AdverseEventKind kind) =>
        api.MapRecord<AdverseEvent>(
            "/sites/{site}/cases/{case}/adverse-events/{adverseEvent}", kind, "an adverse event", Examples.AdverseEvent);
}

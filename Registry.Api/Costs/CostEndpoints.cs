using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.Costs;

namespace Registry.Api.Costs;

internal static class CostEndpoints
{
    public static void MapCosts(this RouteGroupBuilder api, CostKind kind) =>
        api.MapRecord<CostItem>("/sites/{site}/cases/{case}/costs/{cost}", kind, "a cost", Examples.Cost);
}

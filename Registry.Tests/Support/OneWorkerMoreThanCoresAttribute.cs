using NUnit.Framework;
using NUnit.Framework.Internal;

namespace Registry.Tests.Support;

/// <summary>Tests that wait, for a process or a connection, leave their core to another.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class OneWorkerMoreThanCoresAttribute()
    : PropertyAttribute(PropertyNames.LevelOfParallelism, Environment.ProcessorCount + 1);

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace EdgeRouter.StandIns.Functions;

/// <summary>One run of a function.</summary>
internal sealed class Invocation : FunctionContext
{
    public Invocation(FunctionEntry function, object? trigger, IServiceProvider services, CancellationToken cancellationToken)
    {
        Function = function;
        Trigger = trigger;
        InstanceServices = services;
        CancellationToken = cancellationToken;
        FunctionDefinition = new Definition(function.Name);
        if (trigger is HttpRequest request) Items[FunctionContextExtensions.HttpContextKey] = request.HttpContext;
    }

    public FunctionEntry Function { get; }

    /// <summary>Value of the parameter that has the trigger attribute.</summary>
    public object? Trigger { get; }

    /// <summary>Values for other parameters, found by their type.</summary>
    public List<object> Values { get; } = [];

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => FunctionDefinition.Id;

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition { get; }

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken { get; }

    private sealed class Definition(string name) : FunctionDefinition
    {
        public override string Id => Name;

        public override string Name => name;
    }
}

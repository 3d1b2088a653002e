using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.StandIns.Functions;

/// <summary>Runs functions through the worker's middleware, each in a scope of its own with a new instance of its class. Thread-safe.</summary>
internal sealed class Invoker
{
    private readonly IServiceScopeFactory scopes;
    private readonly InvocationControl control;
    private readonly FunctionExecutionDelegate pipeline;

    public Invoker(IServiceScopeFactory scopes, InvocationControl control, IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        this.scopes = scopes;
        this.control = control;
        pipeline = middleware.Reverse().Aggregate((FunctionExecutionDelegate)ExecuteAsync, static (next, layer) => layer(next));
    }

    /// <summary>Runs it; throws what it throws.</summary>
    /// <param name="function">Which.</param>
    /// <param name="trigger">Value of the trigger parameter.</param>
    /// <param name="values">Values for parameters of their types.</param>
    /// <param name="cancellationToken">The host cancels the invocation.</param>
    public async Task InvokeAsync(FunctionEntry function, object? trigger, IEnumerable<object> values, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var cancellation = control.Begin(cancellationToken);
        var invocation = new Invocation(function, trigger, scope.ServiceProvider, cancellation.Token);
        invocation.Values.AddRange(values);
        await pipeline(invocation);
    }

    private static async Task ExecuteAsync(FunctionContext context)
    {
        var invocation = (Invocation)context;
        var method = invocation.Function.Method;
        var instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(invocation.InstanceServices, method.DeclaringType!);
        object?[] arguments = [.. method.GetParameters().Select(parameter => Bind(parameter, invocation))];
        // Exceptions come as they are, not wrapped.
        if (method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null) is Task running) await running;
    }

    private static object? Bind(ParameterInfo parameter, Invocation invocation)
    {
        if (parameter.Name == invocation.Function.TriggerParameter.Name) return invocation.Trigger;
        if (parameter.ParameterType == typeof(CancellationToken)) return invocation.CancellationToken;
        if (parameter.ParameterType == typeof(FunctionContext)) return invocation;
        return invocation.Values.Find(parameter.ParameterType.IsInstanceOfType)
            ?? throw new InvalidOperationException($"The stand-in cannot bind {parameter.Name} of {invocation.Function.Name}.");
    }
}

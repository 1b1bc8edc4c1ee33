using Google.Protobuf;
using Grpc.Core;
using LoptCluster.Chaos.Hostile.Expectations;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile.Messages;

/// <summary>Spoils one field of an honest worker's message, and says what must come of it.</summary>
internal sealed class Spoiler(Victim victim, Random random)
{
    private const string NotAssigned = "problem";

    /// <summary>Versions of θ that may come while a message is under way.</summary>
    private const int NewVersions = 1000;

    /// <summary>A problem that no run has.</summary>
    private long NoProblem => (1L << 40) + random.NextInt64(1L << 30, 1L << 31);

    /// <summary>A message of a worker that has joined.</summary>
    public HostileMessage Spoil(FieldPath path, Mutation mutation, HostileStream stream) => path.Fields[0].ContainingType.Name switch
    {
        nameof(Sample) => OfSample(path, mutation, stream),
        nameof(EvaluationResult) => OfEvaluation(path, mutation, stream),
        nameof(Heartbeat) => OfHeartbeat(path, mutation),
        nameof(StateChunk) => OfState(path, mutation, stream),
        nameof(AuditResult) => OfAudit(path, mutation),
        nameof(ComparisonPartResult) => OfComparison(path, mutation, stream),
        nameof(UnusableState) => OfUnusable(path, mutation, stream),
        nameof(Goodbye) => Message(path, mutation, new WorkerMessage { Goodbye = Apply(path, mutation, new Goodbye()) }, new Leaves()),
        nameof(Hello) => Message(
            path, mutation, new WorkerMessage { Hello = Apply(path, mutation, HonestMessages.Hello(stream.WorkerId)) },
            new Refused("kind Hello")),
        _ => OfUnknown(path, mutation),
    };

    /// <summary>A greeting, for a stream of its own.</summary>
    public HostileMessage SpoilHello(FieldPath path, Mutation mutation, string workerId)
    {
        var hello = Apply(path, mutation, HonestMessages.Hello(workerId));
        bool takesName = path.Field.Name == "worker_id" && mutation.Name == "text 1" && !victim.HonestWorkers.IsEmpty;
        if (takesName) hello = new Hello(HonestMessages.Hello(victim.HonestWorkers[0])) { Instance = random.Next(2) == 0 ? "" : "other" };
        bool isPlausible = !takesName && HelloRules.IsPlausible(hello, HonestMessages.Hello(workerId));
        Expectation refused = new Expelled(FieldWords.Of(path.Fields[0])), joins = new Joins("an honest worker could greet like that");
        // Another attacker may have the drawn name.
        var expected = !isPlausible ? refused : path.Field.Name == "worker_id" ? new Either(joins, refused) : joins;
        var named = takesName ? new Mutation("another worker's", mutation.Apply) : mutation;
        return Message(path, named, new WorkerMessage { Hello = hello }, expected);
    }

    private static T Apply<T>(FieldPath path, Mutation mutation, T message, Random random)
        where T : IMessage
    {
        mutation.Apply(path.OwnerIn(message), path.Field, random);
        return message;
    }

    private T Apply<T>(FieldPath path, Mutation mutation, T message)
        where T : IMessage => Apply(path, mutation, message, random);

    /// <summary>A problem that its sender does not have, nor anybody else.</summary>
    private HeldProblem NotHeld() =>
        new(new InnerProblem { ProblemId = NoProblem, Horizon = victim.Specification.InnerSteps, FromStart = new FromStart() });

    private HostileMessage OfSample(FieldPath path, Mutation mutation, HostileStream stream)
    {
        var problem = stream.Problems.FirstOrDefault(p => !victim.IsSynchronous || p.DueVersion <= stream.Version);
        var about = problem ?? NotHeld();
        var honest = HonestMessages.Sample(about, victim, stream);
        var sample = Apply(path, mutation, honest.Clone());
        var message = Message(path, mutation, new WorkerMessage { Sample = sample }, OfSample(path, sample, honest, problem, stream));
        return message with
        {
            Bytes = new WorkerMessage { Sample = sample }.ToByteArray(),
            Problem = problem,
            IsOfSender = problem is not null,
            EndsProblem = sample.ProblemFinished,
            Steps = honest.Steps,
        };
    }

    private Expectation OfSample(FieldPath path, Sample sample, Sample honest, HeldProblem? problem, HostileStream stream)
    {
        string words = $"{FieldWords.Of(path.Field)}|{FieldWords.TooLarge}";
        var counted = new Acknowledged("harmless: counted before", SampleOutcome.Duplicate);
        // Whatever sample of the run it may be.
        bool isAny = sample.ProblemId != honest.ProblemId;
        if (problem is null) return isAny ? new Either(new Refused(words), counted) : new Refused($"{words}|{NotAssigned}");
        bool isPlausible = SampleRules.IsPlausible(sample, honest, victim);
        bool isOther = !isPlausible && stream.Problems.Any(p => p.Id == sample.ProblemId && p.Id != honest.ProblemId);
        // In asynchronous mode θ may be newer by now than what has come here.
        bool isOtherVersion = !isPlausible && sample.ThetaVersion != honest.ThetaVersion && sample.ThetaVersion >= 0
            && sample.ThetaVersion <= stream.Version + (victim.IsSynchronous ? 0 : NewVersions);
        if (isPlausible && victim.TakesPlausible && !SampleRules.IsTooLarge(sample, victim))
        {
            string why = SampleRules.IsInformative(path.Field)
                ? "accepted: the field only informs"
                : "accepted: no coordinator can tell it from an honest worker's";
            return new Acknowledged(why, SampleOutcome.Accepted, SampleOutcome.Stale, SampleOutcome.Duplicate);
        }

        if (isOtherVersion && victim.IsSynchronous)
        {
            return new Either(
                new Refused(FieldWords.Of(path.Field)),
                new Acknowledged("harmless: another version of θ, to be computed again", SampleOutcome.Superseded));
        }

        if (isPlausible || isOther || isOtherVersion)
        {
            sample.ProblemId = NoProblem;
            return new Refused($"{NotAssigned}|{FieldWords.TooLarge}{(isOtherVersion ? "|θ version" : "")}");
        }

        if (sample.Truncation != honest.Truncation && sample.Truncation >= 0 && sample.Truncation < honest.Truncation)
            return counted;
        return isAny ? new Either(new Refused(words), counted) : new Refused(words);
    }

    private HostileMessage OfEvaluation(FieldPath path, Mutation mutation, HostileStream stream)
    {
        var asked = stream.Evaluation;
        stream.Evaluation = null;
        var honest = HonestMessages.Evaluation(
            asked ?? new Evaluation { EvaluationId = NoProblem, Tasks = victim.Specification.EvaluationTasks });
        var result = Apply(path, mutation, honest.Clone());
        bool isPlausible = result.EvaluationId == honest.EvaluationId && IsLosses(result.MeanLoss) && IsLosses(result.FinalLoss);
        string words = $"{FieldWords.Of(path.Field)}|{FieldWords.TooLarge}";
        if (asked is null || isPlausible) words += "|evaluation";
        Expectation expected = new Refused(words);
        if (isPlausible && asked is not null)
        {
            if (victim.TakesPlausible) expected = new Ignored("the result of an evaluation that it was asked for");
            else result.EvaluationId = NoProblem;
        }

        return Message(path, mutation, new WorkerMessage { Evaluation = result }, expected) with { IsOfSender = asked is not null };

        bool IsLosses(IReadOnlyCollection<double> losses) =>
            losses.Count == victim.Specification.EvaluationTasks && losses.All(l => l >= 0 && l <= victim.Specification.LossCap);
    }

    private HostileMessage OfHeartbeat(FieldPath path, Mutation mutation)
    {
        var heartbeat = Apply(path, mutation, HonestMessages.Heartbeat());
        bool differs = heartbeat.DatasetFingerprint.Length > 0 || heartbeat.LayoutFingerprint.Length > 0;
        return Message(
            path, mutation, new WorkerMessage { Heartbeat = heartbeat },
            differs ? new Expelled(FieldWords.Of(path.Field)) : new Ignored("a heartbeat's figures only inform"));
    }

    private HostileMessage OfState(FieldPath path, Mutation mutation, HostileStream stream)
    {
        var held = stream.Problems.FirstOrDefault();
        var problem = held ?? NotHeld();
        var chunk = HonestMessages.Chunk(problem);
        var dropped = new Ignored("a state that does not continue a problem of its sender is dropped");
        // Nobody looks at what is in a state that is dropped.
        Expectation refused = held is null ? new Either(new Refused("state"), dropped) : new Refused("state");
        if (path.Field.Name == "last" || random.Next(2) == 0)
        {
            (chunk.Data, string name, bool isRefused) = StateSpoiling.Draw(HonestMessages.State(problem), random);
            return Message(
                path, new Mutation(name, mutation.Apply), new WorkerMessage { StateChunk = chunk },
                isRefused ? refused : dropped);
        }

        var data = chunk.Data;
        Apply(path, mutation, chunk);
        return Message(
            path, mutation, new WorkerMessage { StateChunk = chunk },
            chunk.Data == data
                ? new Ignored("a state that may be an honest worker's: workers check it; one of another assignment is dropped")
                : refused);
    }

    private HostileMessage OfAudit(FieldPath path, Mutation mutation)
    {
        var result = Apply(path, mutation, new AuditResult { AuditId = NoProblem });
        Expectation expected = result.Sample is null
            ? new Refused(nameof(AuditResult))
            : new Either(
                new Ignored("the result of an audit that its sender does not have, as of one that is over"),
                new Refused(FieldWords.TooLarge));
        return Message(path, mutation, new WorkerMessage { AuditResult = result }, expected);
    }

    private HostileMessage OfComparison(FieldPath path, Mutation mutation, HostileStream stream)
    {
        var part = stream.Parts.FirstOrDefault();
        var honest = HonestMessages.PartResult(part ?? new ComparisonPart { PartId = NoProblem }, victim);
        var result = Apply(path, mutation, honest.Clone());
        bool isOfSender = part is not null && result.PartId == part.PartId;
        string words = $"{FieldWords.NotItsPart}|{FieldWords.TooLarge}";
        Expectation expected = new Refused(words);
        if (isOfSender && ComparisonRules.IsPlausible(result, part!, victim))
        {
            (isOfSender, result.PartId) = (false, NoProblem);
        }
        else if (isOfSender)
        {
            stream.ForgetPart(result.PartId);
            expected = new Refused($"{FieldWords.Of(path.Field)}|{FieldWords.TooLarge}");
        }
        else
        {
            // Another's part may be given to this worker at any moment: no result may be taken then.
            stream.Spend(result.PartId);
            result.Setting = -1;
            expected = new Either(expected, new If(() => stream.WasGiven(result.PartId), new Refused($"{words}|setting")));
        }

        return Message(path, mutation, new WorkerMessage { ComparisonPartResult = result }, expected) with { IsOfSender = isOfSender };
    }

    private HostileMessage OfUnusable(FieldPath path, Mutation mutation, HostileStream stream)
    {
        var honest = new UnusableState { ProblemId = stream.Problems.FirstOrDefault()?.Id ?? NoProblem, Detail = "no" };
        var unusable = Apply(path, mutation, honest);
        stream.Forget(unusable.ProblemId);
        var expected = new Ignored("a problem that its worker gives up goes to another");
        return Message(path, mutation, new WorkerMessage { UnusableState = unusable }, expected) with { IsOfSender = true };
    }

    /// <summary>A message of a later release: sent as it is, it must at least be refused by its name.</summary>
    private HostileMessage OfUnknown(FieldPath path, Mutation mutation)
    {
        var type = path.Fields[0].ContainingType;
        var kind = WorkerMessage.Descriptor.Oneofs[0].Fields.Single(f => f.MessageType == type);
        var message = new WorkerMessage();
        kind.Accessor.SetValue(message, Apply(path, mutation, type.Parser.ParseFrom(ByteString.Empty)));
        return Message(path, mutation, message, new Refused(FieldWords.Of(path.Field)));
    }

    private static HostileMessage Message(FieldPath path, Mutation mutation, WorkerMessage message, Expectation expectation)
    {
        byte[] bytes = message.ToByteArray();
        return new HostileMessage(
            path.ToString(), mutation.Name, bytes,
            bytes.Length > ProtocolLimits.LargestMessageToCoordinatorBytes
                ? new EndsWith(StatusCode.ResourceExhausted, StatusCode.Cancelled)
                : expectation);
    }
}

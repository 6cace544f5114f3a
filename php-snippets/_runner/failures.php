<?php
/** A failure that a snippet states itself; `kind` is an error code of the driver. */
final class McpFailure extends Exception
{
    public function __construct(public readonly string $kind, string $message)
    {
        parent::__construct($message);
    }
}

/** The call's time on the firewall is over. An Error, so that no `catch (Exception)` of a library swallows it. */
final class McpOverdue extends Error
{
}

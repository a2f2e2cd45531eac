"""Words for troubles on the way to another computer."""

from __future__ import annotations

from types import MappingProxyType

from wizard.content.text import N_
from wizard.content.trouble_entry import SAFE_NOTHING, SAFE_UNDONE, Entry, Who
from wizard.core.trouble import Code

__all__ = ["NETWORK"]

NETWORK = MappingProxyType(
    {
        Code.OFFLINE: Entry(
            title=N_("This computer is offline"),
            happened=N_("There is no connection to the internet, so {host} can’t be reached."),
            to_do=N_("Connect to a network. The program goes on by itself or when you try again."),
            topic="network",
        ),
        Code.HOST_NOT_FOUND: Entry(
            title=N_("The address can’t be found"),
            happened=N_("This network doesn’t know where to find {host}."),
            to_do=N_("Check the network, VPN and proxy. IT can see which hosts must be allowed."),
            topic="network",
        ),
        Code.CONNECTION_REFUSED: Entry(
            title=N_("Nobody answers the door"),
            happened=N_("{host} was found and turned the connection down."),
            to_do=N_("Try again in a few minutes. If it stays so, a firewall may be in the way."),
            topic="network",
        ),
        Code.CONNECTION_LOST: Entry(
            title=N_("The connection was cut"),
            happened=N_("The connection to {host} ended before the answer was complete."),
            to_do=N_("Try again. We first look at what had already arrived."),
            safe=N_("Nothing is written twice."),
            topic="network",
        ),
        Code.TIMED_OUT: Entry(
            title=N_("No answer in time"),
            happened=N_("We waited for {host}, and nothing came back."),
            to_do=N_("Try again in a few minutes."),
            topic="network",
        ),
        Code.TLS_UNTRUSTED: Entry(
            title=N_("This computer doesn’t trust that certificate"),
            happened=N_(
                "The certificate shown for {host} isn’t from an authority that this computer "
                "knows. Often a security product on the network puts in its own."
            ),
            to_do=N_("Ask IT to install the network’s certificate in the system. Then try again."),
            safe=N_("No password and no data was sent."),
            topic="certificates",
            who=Who.IT,
        ),
        Code.TLS_FAILED: Entry(
            title=N_("No secure connection"),
            happened=N_("A secure connection to {host} could not be made."),
            to_do=N_("Ask IT to let {host} through without looking inside. Then try again."),
            safe=N_("No password and no data was sent."),
            topic="certificates",
            who=Who.IT,
        ),
        Code.PROXY_UNREACHABLE: Entry(
            title=N_("The proxy doesn’t answer"),
            happened=N_("Your network uses the proxy {proxy}, and it can’t be reached."),
            to_do=N_("Check it in Network settings, or choose “no proxy” if you are at home."),
            topic="proxies",
        ),
        Code.PROXY_SIGN_IN_NEEDED: Entry(
            title=N_("The proxy wants a user name"),
            happened=N_("The proxy {proxy} lets nobody through without a user name and password."),
            to_do=N_("Enter them in Network settings. IT knows them."),
            topic="proxies",
            who=Who.IT,
        ),
        Code.PROXY_NTLM: Entry(
            title=N_("The proxy uses a sign-in we don’t have"),
            happened=N_("The proxy {proxy} accepts only Windows sign-in (NTLM or Kerberos)."),
            to_do=N_("Ask IT to let this program’s hosts through without it, or for another way."),
            topic="proxies",
            who=Who.IT,
        ),
        Code.PROXY_INVALID: Entry(
            title=N_("This isn’t a proxy address"),
            happened=N_("The proxy {proxy} can’t be read as an address."),
            to_do=N_("Write it like proxy.company.example:8080."),
            topic="proxies",
        ),
        Code.UNEXPECTED_REDIRECT: Entry(
            title=N_("We were sent somewhere else"),
            happened=N_(
                "Instead of an answer, {host} pointed to another address. We didn’t follow. "
                "Networks that ask for a sign-in do this, in hotels for example."
            ),
            to_do=N_("Open a browser and sign in to the network if it asks. Then try again."),
            safe=N_("No password and no data was sent there."),
            topic="network",
        ),
        Code.WRONG_HOST: Entry(
            title=N_("An answer pointed to a stranger"),
            happened=N_("An answer named {host}, and that computer doesn’t belong to the service."),
            to_do=N_("Try again. If it happens again, save a support file and send it to us."),
            safe=N_("Nothing was sent to the other computer."),
            topic="support-file",
            who=Who.SUPPORT,
        ),
        Code.ANSWER_NOT_UNDERSTOOD: Entry(
            title=N_("We didn’t understand the answer"),
            happened=N_("What came back from {host} isn’t what was agreed on."),
            to_do=N_(
                "Try again. If it stays so, a newer version of this program may be needed, or a "
                "proxy puts in pages of its own."
            ),
            topic="support-file",
            who=Who.SUPPORT,
        ),
        Code.ANSWER_TOO_LARGE: Entry(
            title=N_("The answer was far too large"),
            happened=N_("{host} sent much more than one answer should hold. We stopped reading."),
            to_do=N_("Try again. If it happens again, save a support file and send it to us."),
            topic="support-file",
            who=Who.SUPPORT,
        ),
        Code.SERVICE_UNAVAILABLE: Entry(
            title=N_("The other side is down for a moment"),
            happened=N_("{host} says that it can’t answer now."),
            to_do=N_("Try again in {wait}. A sync in the background tries again by itself."),
            topic="service-down",
        ),
        Code.RATE_LIMITED: Entry(
            title=N_("We were asked to slow down"),
            happened=N_("{host} takes only so many requests at a time, and they are used up."),
            to_do=N_("Wait {wait}. A sync goes on by itself, only slower."),
            safe=SAFE_UNDONE,
            topic="service-down",
        ),
        Code.WRITE_BEHIND_WALL: Entry(
            title=N_("A preview tried to write and was stopped"),
            happened=N_("A preview may only read. Something in it wanted to write."),
            to_do=N_("This is a mistake of the program. Save a support file and send it to us."),
            safe=SAFE_NOTHING,
            topic="support-file",
            who=Who.SUPPORT,
        ),
    }
)

"""Methods that Telegram has and the sandbox has not: a call must fail loudly, not as if it were misspelt."""

from sandbox.errors import ApiError

UNSUPPORTED = frozenset(
    """
    addStickerToSet answerChatJoinRequestQuery answerGuestQuery answerInlineQuery answerPreCheckoutQuery
    answerShippingQuery answerWebAppQuery approveChatJoinRequest approveSuggestedPost banChatMember
    banChatSenderChat closeForumTopic closeGeneralForumTopic convertGiftToStars copyMessages
    createChatInviteLink createChatSubscriptionInviteLink createForumTopic createInvoiceLink
    createNewStickerSet declineChatJoinRequest declineSuggestedPost deleteAllMessageReactions
    deleteBusinessMessages deleteChatPhoto deleteChatStickerSet deleteForumTopic deleteMessageReaction
    deleteStickerFromSet deleteStickerSet deleteStory editChatInviteLink editChatSubscriptionInviteLink
    editForumTopic editGeneralForumTopic editMessageChecklist editMessageLiveLocation editStory
    editUserStarSubscription exportChatInviteLink forwardMessages getAvailableGifts
    getBusinessAccountGifts getBusinessAccountStarBalance getBusinessConnection getChatAdministrators
    getChatGifts getChatMemberCount getCustomEmojiStickers getForumTopicIconStickers getGameHighScores
    getManagedBotAccessSettings getManagedBotToken getMyDefaultAdministratorRights getMyStarBalance
    getStarTransactions getStickerSet getUserChatBoosts getUserGifts getUserPersonalChatMessages
    getUserProfileAudios getUserProfilePhotos giftPremiumSubscription hideGeneralForumTopic leaveChat
    postStory promoteChatMember readBusinessMessage refundStarPayment removeBusinessAccountProfilePhoto
    removeChatVerification removeMyProfilePhoto removeUserVerification reopenForumTopic
    reopenGeneralForumTopic replaceManagedBotToken replaceStickerInSet repostStory restrictChatMember
    revokeChatInviteLink savePreparedInlineMessage savePreparedKeyboardButton sendAnimation
    sendChatJoinRequestWebApp sendChecklist sendContact sendDice sendGame sendGift sendInvoice
    sendLivePhoto sendLocation sendMessageDraft sendPaidMedia sendPoll sendRichMessage
    sendRichMessageDraft sendSticker sendVenue sendVideo sendVideoNote setBusinessAccountBio
    setBusinessAccountGiftSettings setBusinessAccountName setBusinessAccountProfilePhoto
    setBusinessAccountUsername setChatAdministratorCustomTitle setChatDescription setChatMemberTag
    setChatPermissions setChatPhoto setChatStickerSet setChatTitle setCustomEmojiStickerSetThumbnail
    setGameScore setManagedBotAccessSettings setMyDefaultAdministratorRights setMyProfilePhoto
    setPassportDataErrors setStickerEmojiList setStickerKeywords setStickerMaskPosition
    setStickerPositionInSet setStickerSetThumbnail setStickerSetTitle setUserEmojiStatus
    stopMessageLiveLocation stopPoll transferBusinessAccountStars transferGift unbanChatMember
    unbanChatSenderChat unhideGeneralForumTopic unpinAllChatMessages unpinAllForumTopicMessages
    unpinAllGeneralForumTopicMessages upgradeGift uploadStickerFile verifyChat verifyUser
    """.lower().split()
)


def unknown_method(name: str) -> ApiError:
    """The refusal of a method that is not in the registry."""
    if name.lower() in UNSUPPORTED:
        return ApiError(501, f"Not Implemented: the sandbox does not perform {name}; Telegram would")
    return ApiError(404, "Not Found: method not found")
